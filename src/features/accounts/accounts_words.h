/* accounts_words.h - what people in Indonesia put into passwords, beside what the library of strength knows, which is English. */
#ifndef ADEM_ACCOUNTS_WORDS_H
#define ADEM_ACCOUNTS_WORDS_H

/* In small letters, the commonest first; NULL ends the list. */
extern const char *const accounts_common_words[];
#endif
