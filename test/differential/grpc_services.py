# A gRPC server of chat.proto, greeter.proto and (if DESCRIPTORS have it) lab.proto, with reflection, for tests:
# `python3 grpc_services.py DESCRIPTORS OPTIONS`. DESCRIPTORS is a file made by protoc -o, so nothing of Wirescope is in it.
# OPTIONS is JSON: gzip, cert and key (TLS), ca (asks for client certificates), reflection (versions to offer). Prints its
# port; then a line for each call that was cancelled.
import json
import sys
import time
from concurrent import futures

import grpc
import grpc_lab
from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, message_factory

options = json.loads(sys.argv[2])
files = descriptor_pb2.FileDescriptorSet()
with open(sys.argv[1], "rb") as descriptors:
    files.ParseFromString(descriptors.read())
pool = descriptor_pool.DescriptorPool()
for file in files.file:
    pool.Add(file)
factory = message_factory.MessageFactory(pool)


def message_type(name):
    return factory.GetPrototype(pool.FindMessageTypeByName(name))


def details(message):
    """An encoded google.rpc.Status with an ErrorInfo-like detail, written by hand: {1: code, 2: message, 3: Any}."""
    detail = any_pb2.Any(type_url="type.googleapis.com/google.rpc.DebugInfo", value=b"\x12\x05stack")
    body = detail.SerializeToString()
    text = message.encode()
    return b"\x08\x09\x12" + bytes([len(text)]) + text + b"\x1a" + bytes([len(body)]) + body


def send_message(request, context):
    sent = [(name, value) for name, value in context.invocation_metadata() if name.startswith("x-")]
    context.send_initial_metadata(sent)
    context.set_trailing_metadata((("x-last", "yes"), ("x-bytes-bin", bytes(range(256)))))
    if request.text == "fail":
        context.set_trailing_metadata((("grpc-status-details-bin", details("no chat today")),))
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, "no chat today: José %")
    if request.text == "slow":
        # Asked again and again: a callback is not called for what was over before.
        while context.is_active():
            time.sleep(0.01)
        print("cancelled", flush=True)
    return message_type("chat.Response")(status="ok", message=request.user + ": " + request.text)


def stream_messages(requests, context):
    for request in requests:
        yield message_type("chat.Response")(status="ok", message=request.text)


def say_hello(request, context):
    return message_type("HelloReply")(message="Hello, " + request.name + "!")


def watch(request, context):
    for i in range(100):
        yield message_type("chat.Response")(status=str(i), message=request.text)


def collect(requests, context):
    return message_type("chat.Response")(status="ok", message=",".join(request.text for request in requests))


def method(kind, handler, request, response):
    return kind(
        handler,
        request_deserializer=message_type(request).FromString,
        response_serializer=lambda message: message.SerializeToString(),
    )


def handlers():
    said = ("chat.Message", "chat.Response")
    yield grpc.method_handlers_generic_handler("chat.ChatService", {
        "SendMessage": method(grpc.unary_unary_rpc_method_handler, send_message, *said),
        "StreamMessages": method(grpc.stream_stream_rpc_method_handler, stream_messages, *said),
        # Of no schema: the two shapes that chat.proto lacks.
        "Watch": method(grpc.unary_stream_rpc_method_handler, watch, *said),
        "Collect": method(grpc.stream_unary_rpc_method_handler, collect, *said),
    })
    yield grpc.method_handlers_generic_handler("Greeter", {
        "SayHello": method(grpc.unary_unary_rpc_method_handler, say_hello, "HelloRequest", "HelloReply"),
    })
    if any(file.name == "lab.proto" for file in files.file):
        yield grpc_lab.service(message_type, method)
    for version in options.get("reflection", []):
        package = "grpc.reflection." + version + "."
        yield grpc.method_handlers_generic_handler(package + "ServerReflection", {
            "ServerReflectionInfo": method(
                grpc.stream_stream_rpc_method_handler,
                lambda requests, context, package=package: (answer(request, package) for request in requests),
                package + "ServerReflectionRequest",
                package + "ServerReflectionResponse",
            ),
        })


def answer(request, package):
    response = message_type(package + "ServerReflectionResponse")(original_request=request)
    asked = request.WhichOneof("message_request")
    try:
        if asked == "list_services":
            for file in files.file:
                for service in file.service:
                    name = file.package + "." + service.name if file.package else service.name
                    response.list_services_response.service.add(name=name)
        elif asked == "file_containing_symbol":
            found = pool.FindFileContainingSymbol(request.file_containing_symbol)
            response.file_descriptor_response.file_descriptor_proto.append(found.serialized_pb)
        elif asked == "file_by_filename":
            found = pool.FindFileByName(request.file_by_filename)
            response.file_descriptor_response.file_descriptor_proto.append(found.serialized_pb)
        else:
            raise KeyError(asked)
    except KeyError as unknown:
        response.error_response.error_code = grpc.StatusCode.NOT_FOUND.value[0]
        response.error_response.error_message = str(unknown)
    return response


def read(path):
    with open(path, "rb") as file:
        return file.read()


server = grpc.server(
    futures.ThreadPoolExecutor(8),
    compression=grpc.Compression.Gzip if options.get("gzip") else None,
    options=(("grpc.max_receive_message_length", -1), ("grpc.so_reuseport", 0)),
)
server.add_generic_rpc_handlers(tuple(handlers()))
if "cert" in options:
    ca = read(options["ca"]) if "ca" in options else None
    pair = (read(options["key"]), read(options["cert"]))
    credentials = grpc.ssl_server_credentials([pair], ca, ca is not None)
    port = server.add_secure_port("127.0.0.1:0", credentials)
else:
    port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(port, flush=True)
sys.stdin.read()
server.stop(None)
