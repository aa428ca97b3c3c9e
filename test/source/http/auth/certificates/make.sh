#!/bin/sh
# Makes the certificates of the tests anew. They are in the repository, since Node.js cannot make any, OpenSSL's command is not everywhere,
# and a package for it would have to be kept up to date for files that do not change. They are valid for 100 years, and protect nothing.
set -e
cd "$(dirname "$0")"

key() { openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out "$1.key.pem"; }

authority() {
  key "$1"
  openssl req -x509 -new -key "$1.key.pem" -subj "/CN=$1" -days 36500 -out "$1.pem"
}

# name, authority
certificate() {
  key "$1"
  openssl req -new -key "$1.key.pem" -subj "/CN=$1" |
    openssl x509 -req -CA "$2.pem" -CAkey "$2.key.pem" -days 36500 -extfile extensions.tmp -out "$1.pem"
}

echo 'subjectAltName=DNS:localhost,IP:127.0.0.1' > extensions.tmp
authority authority
authority other-authority
certificate server authority
certificate client authority
certificate renewed authority
certificate stranger other-authority
openssl pkcs8 -topk8 -in client.key.pem -passout pass:hunter2 -out client.encrypted-key.pem
# Nothing more is signed by them.
rm extensions.tmp authority.key.pem other-authority.key.pem other-authority.pem
