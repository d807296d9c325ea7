# A client of the gRPC samples by Debian's grpcio: `DESCRIPTORS ADDRESS KIND [ROOTS]` calls chat-service or greeter and prints "ok".
# DESCRIPTORS is a file made by protoc -o; ROOTS, a PEM file of authorities, means TLS.
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

descriptors, address, kind, *roots = sys.argv[1:]
files = descriptor_pb2.FileDescriptorSet()
with open(descriptors, "rb") as file:
    files.ParseFromString(file.read())
pool = descriptor_pool.DescriptorPool()
for file in files.file:
    pool.Add(file)
factory = message_factory.MessageFactory(pool)


def message_type(name):
    return factory.GetPrototype(pool.FindMessageTypeByName(name))


def method(call, path, request, response):
    return call(path, request_serializer=request.SerializeToString, response_deserializer=response.FromString)


if roots:
    with open(roots[0], "rb") as file:
        channel = grpc.secure_channel(address, grpc.ssl_channel_credentials(file.read()))
else:
    channel = grpc.insecure_channel(address)

with channel:
    if kind == "greeter":
        request, response = message_type("HelloRequest"), message_type("HelloReply")
        hello = method(channel.unary_unary, "/Greeter/SayHello", request, response)
        assert hello(request(name="Python"), timeout=10).message.startswith("Hello, User1!")
    else:
        request, response = message_type("chat.Message"), message_type("chat.Response")
        send = method(channel.unary_unary, "/chat.ChatService/SendMessage", request, response)
        answer, call = send.with_call(request(user="Python", text="Hello!"), timeout=10)
        assert answer.status == "ok", answer
        assert ("x-served-by", "wirescope") in [tuple(pair) for pair in call.initial_metadata()]
        stream = method(channel.stream_stream, "/chat.ChatService/StreamMessages", request, response)
        texts = ["Hello!", "I am still here."]
        answers = list(stream(iter([request(user="Python", text=text) for text in texts]), timeout=10))
        assert [answer.message for answer in answers] == ["Streamed.", "Streamed."], answers
print("ok", flush=True)
