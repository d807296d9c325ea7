# A UDP server that answers each datagram with its upper case. Prints its port.
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
while True:
    datagram, sender = server.recvfrom(65536)
    server.sendto(datagram.upper(), sender)
