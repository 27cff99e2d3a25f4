#!/usr/bin/env python3
# access_device.py - devices of a home network, for tests of Home Access.
# SPDX-License-Identifier: BSD-2-Clause
#
# usage: access_device.py LOG KIND ADDRESS PORT [KIND ADDRESS PORT...]
#
# Each connection is a line of LOG, "KIND ADDRESS PORT". Kinds:
#   web      HTTP: shows what it was asked; /redirect, /cookie, /slow, /stream,
#            /events, /ws, /upload, /old
#   raw      greets, and sends back what it gets, as RTSP and the like would
#   count    takes connections and says nothing: nobody should come
import hashlib
import base64
import socket
import sys
import threading
import time

LOG = sys.argv[1]


def head(sock):
    data = b''
    while b'\r\n\r\n' not in data:
        more = sock.recv(65536)
        if not more:
            return None, b''
        data += more
    top, rest = data.split(b'\r\n\r\n', 1)
    return top.decode('latin-1'), rest


def answer(sock, text, status='200 OK', more=''):
    body = text.encode('latin-1')
    sock.sendall((f'HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n'
                  f'Server: secret-device\r\n{more}\r\n')
                 .encode('latin-1') + body)


def field(top, name):
    for line in top.split('\r\n')[1:]:
        if line.lower().startswith(name + ':'):
            return line.split(':', 1)[1].strip()
    return ''


def stream(sock, kind):
    sock.sendall(f'HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n'
                 'Connection: close\r\n\r\n'.encode())
    count = 0
    while True:
        count += 1
        sock.sendall(f'data: {count}\n\n'.encode())
        time.sleep(0.2)


def upload(sock, top, rest):
    left = int(field(top, 'content-length') or 0)
    if field(top, 'expect'):
        sock.sendall(b'HTTP/1.1 100 Continue\r\n\r\n')
    digest = hashlib.sha256(rest)
    left -= len(rest)
    while left > 0:
        more = sock.recv(65536)
        if not more:
            return
        digest.update(more)
        left -= len(more)
    answer(sock, digest.hexdigest())


def websocket(sock, top):
    key = field(top, 'sec-websocket-key').encode()
    accept = base64.b64encode(hashlib.sha1(
        key + b'258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest()).decode()
    sock.sendall('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n'
                 'Connection: Upgrade\r\n'
                 f'Sec-WebSocket-Accept: {accept}\r\n\r\n'.encode())
    while True:
        data = sock.recv(65536)
        if not data:
            return
        sock.sendall(data)


def web(sock, address, port):
    while True:
        top, rest = head(sock)
        if top is None:
            return
        path = top.split(' ')[1]
        if path.startswith('/redirect'):
            answer(sock, '', '302 Found',
                   f'Location: http://{address}:{port}/there?a=b\r\n')
        elif path == '/cookie':
            answer(sock, 'x', more='Set-Cookie: a=b; Path=/; '
                   f'Domain={address}; HttpOnly\r\n')
        elif path == '/slow':
            time.sleep(30)
        elif path == '/stream':
            stream(sock, 'multipart/x-mixed-replace')
        elif path == '/events':
            stream(sock, 'text/event-stream')
        elif path == '/ws':
            websocket(sock, top)
        elif path == '/upload':
            upload(sock, top, rest)
        elif path == '/broken':
            sock.sendall(b'this is no HTTP\r\n\r\n')
            return
        elif path == '/busy':
            answer(sock, 'busy', '503 Service Unavailable')
        else:
            answer(sock, top + '\n')


def raw(sock):
    sock.sendall(b'hello\n')
    while True:
        data = sock.recv(65536)
        if not data:
            return
        sock.sendall(data)


def one(kind, sock, address, port):
    try:
        if kind == 'web':
            web(sock, address, port)
        elif kind == 'raw':
            raw(sock)
        else:
            sock.recv(65536)
    except OSError:
        pass
    sock.close()


def serve(kind, address, port):
    family = socket.AF_INET6 if ':' in address else socket.AF_INET
    sock = socket.socket(family)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((address, int(port)))
    sock.listen(512)
    while True:
        conn, _ = sock.accept()
        with open(LOG, 'a') as log:
            log.write(f'{kind} {address} {port}\n')
        threading.Thread(target=one, args=(kind, conn, address, port),
                         daemon=True).start()


for i in range(2, len(sys.argv), 3):
    threading.Thread(target=serve, args=sys.argv[i:i + 3]).start()
