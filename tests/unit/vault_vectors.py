"""Prints the known answers of vault_test.c and vault_codes_test.c: the constructions of docs/decisions/0201 to 0204
written a second time, with hashlib, OpenSSL (package python3-cryptography) and libargon2. Nothing is shared with
libsodium or src/vault; only XChaCha20's key step is spelled out, since OpenSSL has the plain ChaCha20 alone."""
import base64
import ctypes
import hashlib
import struct
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PEPPER = bytes(range(32))
SECRET = bytes(range(64, 96))
NONCE = bytes(range(24))
ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
RECEIPT, INVITATION, RECOVERY = 0, 1, 2


def derive(label, parts, key=b''):
    message = b'adem/1' + bytes([len(label)]) + label
    for part in parts:
        message += struct.pack('<Q', len(part)) + part
    return hashlib.blake2b(message, digest_size=32, key=key).digest()


def text64(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=')


# X25519 and XChaCha20-Poly1305

def public(secret):
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def hchacha(key, nonce16):
    c = list(struct.unpack('<4I', b'expand 32-byte k')) + list(struct.unpack('<8I', key)) \
        + list(struct.unpack('<4I', nonce16))

    def rotate(v, n):
        return ((v << n) | (v >> (32 - n))) & 0xffffffff

    def quarter(x, y, z, w):
        for left, right, turn, n in ((x, y, w, 16), (z, w, y, 12), (x, y, w, 8), (z, w, y, 7)):
            c[left] = (c[left] + c[right]) & 0xffffffff
            c[turn] = rotate(c[turn] ^ c[left], n)

    for _ in range(10):
        for i in range(4):
            quarter(i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return struct.pack('<8I', *(c[:4] + c[12:]))


def encrypt(key, nonce, message, place):
    return ChaCha20Poly1305(hchacha(key, nonce[:16])).encrypt(b'\0' * 4 + nonce[16:], message, place)


def place_of(what, table, region, number, field):
    def counted(text):
        return bytes([len(text)]) + text
    return counted(what) + counted(table) + counted(region) + struct.pack('<Q', number) + counted(field)


def sealed(secret, table, field):
    place = place_of(b'seal', table, b'31.71', 77, field)
    ephemeral, reader = bytes(range(1, 33)), bytes(range(3, 35))
    shared = X25519PrivateKey.from_private_bytes(ephemeral).exchange(X25519PublicKey.from_public_bytes(public(reader)))
    key = derive(b'seal', [public(ephemeral), public(reader), place], shared)
    return b'\1' + public(ephemeral) + encrypt(key, bytes(24), secret, place)


# Codes

def times(a, b):
    """In GF(32) with x^5 + x^2 + 1."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 32:
            a ^= 0x25
        b >>= 1
    return product


def with_check(symbols, kind):
    weight, rest = 1, kind
    for symbol in symbols:
        rest ^= times(weight, symbol)
        weight = times(weight, 2)
    return symbols + [next(c for c in range(32) if times(weight, c) == rest)]


def grouped(symbols):
    text = ''.join(ALPHABET[s] for s in symbols)
    return '-'.join(text[i:i + 4] for i in range(0, len(text), 4))


def code_keys(name, symbols):
    key = derive(b'pepper/' + name, [], PEPPER)
    lookup = derive(name + b'/lookup', [derive(name + b'/lookup', [bytes(symbols[:-1])], key)])
    return lookup.hex(), public(derive(name + b'/pair', [bytes(symbols[:-1])], key)).hex()


def argon2id(password, salt, passes, memory_kib):
    lib = ctypes.CDLL('libargon2.so.1')
    size, number, text = ctypes.c_size_t, ctypes.c_uint32, ctypes.c_char_p
    lib.argon2id_hash_raw.argtypes = [number, number, number, text, size, text, size, text, size]
    out = ctypes.create_string_buffer(32)
    assert lib.argon2id_hash_raw(passes, memory_kib, 1, password, len(password), salt, len(salt), out, 32) == 0
    return out.raw


def show_hashes():
    print('hash', derive(b'test', [b'abc', b'']).hex())
    print('lookup', derive(b'lookup', [b'sign_in', b'siti'], derive(b'pepper/lookup', [], PEPPER)).hex())
    chain_key = derive(b'pepper/chain', [], PEPPER)
    print('chain without a key', derive(b'chain', [bytes(32), b'row']).hex())
    print('chain', derive(b'chain', [bytes(32), b'row'], chain_key).hex())
    print('head', derive(b'head', [b'31.71', struct.pack('<Q', 7), bytes(32)], chain_key).hex())
    print('fingerprint', derive(b'pepper/fingerprint', [], PEPPER)[:8].hex())
    for passes, memory_kib in ((1, 8), (2, 65536)):
        slow = argon2id(b'kampung rawa', bytes(range(16)), passes, memory_kib)
        print('password', passes, memory_kib, derive(b'password', [slow], derive(b'pepper/password', [], PEPPER)).hex())


def show_keys():
    place = place_of(b'wrap', b'accounts', b'31.71', 77, b'password_key')
    print('wrapped', (b'\1' + NONCE + encrypt(bytes(range(32, 64)), NONCE, SECRET, place)).hex())
    print('sealed', sealed(SECRET, b'circles', b'secret_key').hex())
    print('box key', sealed(SECRET, b'reports', b'content_key').hex())
    text = b'RW 08' + b'\x80' + bytes(250)
    place = place_of(b'box', b'reports', b'31.71', 77, b'text')
    print('box', (b'\1' + NONCE + encrypt(SECRET, NONCE, text, place)).hex())


def show_codes():
    token = derive(b'receipt/token', [bytes(range(100, 116))], derive(b'pepper/receipt', [], PEPPER))
    receipt = with_check([317 >> 5, 317 & 31] + [b & 31 for b in token[:17]], RECEIPT)
    print('receipt', grouped(receipt), *code_keys(b'receipt', receipt))
    invitation = with_check([0, 5] + [31 - i for i in range(17)], INVITATION)
    print('invitation', grouped(invitation), *code_keys(b'invitation', invitation))
    recovery = with_check(list(range(23)), RECOVERY)
    print('recovery', grouped(recovery), derive(b'recovery', [bytes(recovery[:-1])]).hex())


def show_tokens():
    session = bytes(range(200, 232))
    session_key = derive(b'pepper/session', [], PEPPER)
    print('cookie', text64(session).decode(), derive(b'session/lookup', [session], session_key).hex(),
          derive(b'session/key', [session, struct.pack('<QQ', 77, 1732030200000)], session_key).hex(),
          text64(derive(b'session/csrf', [session])[:16]).decode())
    raw = b'\1' + struct.pack('>Q', 1732030200000) + bytes(range(16)) + bytes([12])
    token = text64(raw + derive(b'proof', [b'reports', raw], derive(b'pepper/proof', [], PEPPER))[:16])
    answer = 0
    while hashlib.sha256(token + str(answer).encode()).digest()[:4] >= bytes([0, 16, 0, 0]):
        answer += 1
    print('token', token.decode(), derive(b'proof/token', [token]).hex())
    print('answer', answer, hashlib.sha256(token + str(answer).encode()).hexdigest())


show_hashes()
show_keys()
show_codes()
show_tokens()
