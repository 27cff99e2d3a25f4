#!/usr/bin/env python3
# access_attacker.py - what a hostile visitor of Home Access would try.
# SPDX-License-Identifier: BSD-2-Clause
#
# usage: access_attacker.py ADDRESS NAME
#
# Sends raw requests to port 80 of ADDRESS, where NAME is published, and prints
# how many. Whom they have reached, the others tell.
import concurrent.futures
import socket
import sys

ADDRESS, NAME = sys.argv[1:]
INSIDE = ['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0.0.0.0',
          'localhost', '[::1]', '[::]', '[::ffff:127.0.0.1]',
          '[::ffff:10.44.0.30]', '10.44.0.30', '10.44.0.1', '192.168.1.1',
          '192.168.1.2', '198.51.100.2', '169.254.169.254', f'[{ADDRESS}]',
          'far.' + NAME.split('.', 1)[1], 'old.' + NAME.split('.', 1)[1],
          '10.44.0.30.' + NAME, NAME + '.10.44.0.30', 'x' + NAME,
          NAME + '\t10.44.0.30', NAME + ', 10.44.0.30', NAME + '@10.44.0.30',
          '10.44.0.30#' + NAME, '10.44.0.30/' + NAME, NAME + ':80:10.44.0.30',
          NAME + '%2e10.44.0.30', '', '*', '.', '%00', 'cam:http',
          'sockpair@3', 'abns@x']


def requests():
    for host in INSIDE:
        for more in ('', ':80', ':22', ':8080'):
            yield f'GET / HTTP/1.1\r\nHost: {host}{more}\r\n\r\n'
        yield f'GET http://{host}/ HTTP/1.1\r\nHost: {NAME}\r\n\r\n'
        yield f'GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n'
        yield f'CONNECT {host}:80 HTTP/1.1\r\nHost: {NAME}\r\n\r\n'
        yield f'CONNECT {host}:80 HTTP/1.1\r\nHost: {host}:80\r\n\r\n'
        yield f'GET / HTTP/1.1\r\nHost: {NAME}\r\nHost: {host}\r\n\r\n'
        yield f'GET / HTTP/1.1\r\nHost: {host}\r\nHost: {NAME}\r\n\r\n'
        yield (f'GET / HTTP/1.1\r\nHost: {NAME}\r\nX-Forwarded-Host: {host}'
               f'\r\nX-Original-URL: http://{host}/\r\n\r\n')
        yield f'GET //{host}/ HTTP/1.1\r\nHost: {NAME}\r\n\r\n'
        yield f'GET @{host}/ HTTP/1.1\r\nHost: {NAME}\r\n\r\n'
    inner = 'GET / HTTP/1.1\r\nHost: 10.44.0.30\r\n\r\n'
    head = f'POST / HTTP/1.1\r\nHost: {NAME}\r\n'
    size = len(inner)
    for fields in (f'Content-Length: {size}\r\nTransfer-Encoding: chunked',
                   f'Transfer-Encoding: chunked\r\nContent-Length: {size}',
                   'Content-Length: 0\r\nContent-Length: 5',
                   'Content-Length: 0, 5', 'Content-Length: +0',
                   'Content-Length: -1', 'Content-Length: 0x10',
                   'Transfer-Encoding: xchunked', 'Transfer-Encoding:\tchunked',
                   'Transfer-Encoding: chunked, identity',
                   'Transfer-Encoding: chunked\r\nTransfer-Encoding: x',
                   'Transfer-Encoding : chunked', ' Transfer-Encoding: chunked',
                   'Transfer-Encoding: \x0bchunked',
                   'X: a\r\n\tTransfer-Encoding: chunked',
                   'Content-Length: 0\n\nGET / HTTP/1.1\nHost: 10.44.0.30\n'):
        yield f'{head}{fields}\r\n\r\n0\r\n\r\n{inner}'
    for text in ('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'OPTIONS * HTTP/1.1\r\n'
                 f'Host: {NAME}\r\n\r\n', 'GET /\r\n\r\n', '\r\n' * 50,
                 '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
                 'PROXY TCP4 10.44.0.30 10.44.0.30 1 80\r\nGET / HTTP/1.0'
                 '\r\n\r\n', 'GET ' + 'A' * 60000 + ' HTTP/1.1\r\n\r\n',
                 f'GET / HTTP/1.1\r\nHost: {NAME}\r\n' + 'X: y\r\n' * 3000):
        yield text


def send(text):
    with socket.create_connection((ADDRESS, 80), 10) as sock:
        sock.settimeout(0.5)
        try:
            sock.sendall(text.encode('latin-1'))
            while sock.recv(65536):
                pass
        except OSError:
            pass


texts = list(requests())
with concurrent.futures.ThreadPoolExecutor(16) as pool:
    list(pool.map(send, texts))
print(len(texts))
