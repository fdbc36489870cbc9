"""Prints the known answers of vault_test.c and vault_codes_test.c: the constructions of docs/decisions/0201 to 0204 written a
second time, from hashlib, OpenSSL (python3-cryptography) and libargon2. Nothing is shared with libsodium or src/vault."""
import base64, ctypes, hashlib, struct
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
def derive(label, parts, key=b''):
    m=b'adem/1'+bytes([len(label)])+label
    for p in parts: m+=struct.pack('<Q',len(p))+p
    return hashlib.blake2b(m,digest_size=32,key=key).digest()
pepper=bytes(range(32))
A='0123456789ABCDEFGHJKMNPQRSTVWXYZ'
def pub(sk): return X25519PrivateKey.from_private_bytes(sk).public_key().public_bytes(Encoding.Raw,PublicFormat.Raw)
# GF(32)
def mul(a,b):
    r=0
    while b:
        if b&1: r^=a
        a<<=1
        if a&32: a^=0x25
        b>>=1
    return r
def check(sy,kind):
    n=len(sy); w=1; s=kind
    for v in sy: s^=mul(w,v); w=mul(w,2)
    for c in range(32):
        if mul(w,c)==s: return c
def text(sy): 
    t=''.join(A[x] for x in sy); return '-'.join(t[i:i+4] for i in range(0,len(t),4))
print('hash', derive(b'test',[b'abc',b'']).hex())
print('lookup', derive(b'lookup',[b'sign_in',b'siti'],derive(b'pepper/lookup',[],pepper)).hex())
print('chain', derive(b'chain',[bytes(32),b'row']).hex())
rk=derive(b'pepper/receipt',[],pepper)
tok=bytes(range(100,116))
rnd=derive(b'receipt/token',[tok],rk)
sy=[317>>5,317&31]+[b&31 for b in rnd[:17]]
sy.append(check(sy,0))
print('receipt',text(sy))
sec=bytes(sy[:19])
print('rlookup',derive(b'receipt/lookup',[derive(b'receipt/lookup',[sec],rk)]).hex())
seed=derive(b'receipt/pair',[sec],rk)
print('rpub',pub(seed).hex())
print('fingerprint',derive(b'pepper/fingerprint',[],pepper)[:8].hex())
t=bytes(range(200,232))
print('sess hash',derive(b'session/lookup',[t]).hex()); print('sess key',derive(b'session/key',[t]).hex())
print('cookie',base64.urlsafe_b64encode(t).rstrip(b'=')); print('csrf',base64.urlsafe_b64encode(derive(b'session/csrf',[t])[:16]).rstrip(b'='))
# recovery
rs=[i for i in range(23)]; rs.append(check(rs,2)); print('recovery',text(rs),derive(b'recovery',[bytes(rs[:23])]).hex())
iv=[0,5]+[31-i for i in range(17)]; iv.append(check(iv,1)); ik=derive(b'pepper/invitation',[],pepper); s2=bytes(iv[:19])
print('inv',text(iv),derive(b'invitation/lookup',[derive(b'invitation/lookup',[s2],ik)]).hex(),pub(derive(b'invitation/pair',[s2],ik)).hex())
# xchacha
def rotl(x,n): return ((x<<n)|(x>>(32-n)))&0xffffffff
def hchacha(key,n16):
    c=list(struct.unpack('<4I',b'expand 32-byte k'))+list(struct.unpack('<8I',key))+list(struct.unpack('<4I',n16))
    def q(a,b,d,e):
        c[a]=(c[a]+c[b])&0xffffffff; c[e]=rotl(c[e]^c[a],16)
        c[d]=(c[d]+c[e])&0xffffffff; c[b]=rotl(c[b]^c[d],12)
        c[a]=(c[a]+c[b])&0xffffffff; c[e]=rotl(c[e]^c[a],8)
        c[d]=(c[d]+c[e])&0xffffffff; c[b]=rotl(c[b]^c[d],7)
    for _ in range(10):
        q(0,4,8,12);q(1,5,9,13);q(2,6,10,14);q(3,7,11,15);q(0,5,10,15);q(1,6,11,12);q(2,7,8,13);q(3,4,9,14)
    return struct.pack('<8I',*(c[:4]+c[12:]))
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
def xenc(key,nonce,m,ad): return ChaCha20Poly1305(hchacha(key,nonce[:16])).encrypt(b'\0'*4+nonce[16:],m,ad)
def row(what,table,region,id,field):
    f=lambda s: bytes([len(s)])+s
    return f(what)+f(table)+f(region)+struct.pack('<Q',id)+f(field)
ad=row(b'wrap',b'accounts',b'31.71',77,b'password_key')
nonce=bytes(range(24)); key=bytes(range(32,64)); secret=bytes(range(64,96))
print('wrapped',(b'\1'+nonce+xenc(key,nonce,secret,ad)).hex())
ad=row(b'seal',b'circles',b'31.71',77,b'secret_key')
esk=bytes(range(1,33)); rsk=bytes(range(3,35))
E=pub(esk); R=pub(rsk)
sh=X25519PrivateKey.from_private_bytes(esk).exchange(X25519PublicKey.from_public_bytes(R))
k=derive(b'seal',[E,R,ad],sh)
print('sealed',(b'\1'+E+xenc(k,bytes(24),secret,ad)).hex())
ad=row(b'box',b'reports',b'31.71',77,b'text')
m=b'RW 08'; m+=b'\x80'+bytes(255-len(m))
# box: content key sealed with seal of row reports content_key
ad2=row(b'seal',b'reports',b'31.71',77,b'content_key')
k2=derive(b'seal',[E,R,ad2],sh); ck=bytes(range(64,96))
print('boxkey',(b'\1'+E+xenc(k2,bytes(24),ck,ad2)).hex())
ct=b'\1'+nonce+xenc(ck,nonce,m,ad)
# proof
pk=derive(b'pepper/proof',[],pepper)
raw=b'\1'+struct.pack('>Q',1732030200000)+bytes(range(16))+bytes([12])
mac=derive(b'proof',[b'reports',raw],pk)[:16]
tt=base64.urlsafe_b64encode(raw+mac); print('token',tt.decode(), derive(b'proof/token',[tt]).hex())
i=0
while int.from_bytes(hashlib.sha256(tt+str(i).encode()).digest()[:4],'big')>>20: i+=1
print('answer',i, hashlib.sha256(tt+str(i).encode()).hexdigest())
l=ctypes.CDLL('libargon2.so.1')
def argon(pw,salt,t,m):
    out=ctypes.create_string_buffer(32)
    r=l.argon2id_hash_raw(t,m,1,pw,len(pw),salt,len(salt),out,32); assert r==0,r
    return out.raw
for t,m in ((1,8),(2,65536)):
    print('password',t,m,derive(b'password',[argon(b'kampung rawa',bytes(range(16)),t,m)],derive(b'pepper/password',[],pepper)).hex())
print('boxhex',ct.hex())
