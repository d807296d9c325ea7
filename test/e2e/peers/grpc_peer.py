# A gRPC server or client on Debian's grpcio, with the types that protoc makes of the sample services.
#   server PROTOS [reflection] [tls CERT KEY [CA]]
#                                     prints its port; with reflection it also answers grpc.reflection.v1; with a CA it wants
#                                     clients to have a certificate
#   call PROTOS PORT METHOD JSON…     calls a method with one message or a stream, prints what comes back as lines of JSON, then
#                                     the status
import json
import subprocess
import sys
import tempfile
import time
from concurrent import futures

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

FILES = [
    *("chat.proto", "greeter.proto", "lab.proto", "grpc/reflection/v1/reflection.proto"),
    *("google/rpc/status.proto", "google/rpc/error_details.proto"),
]


class Types:
    def __init__(self, protos):
        with tempfile.NamedTemporaryFile() as out:
            subprocess.run(["protoc", "-I", protos, "--include_imports", "-o", out.name, *FILES], check=True)
            files = descriptor_pb2.FileDescriptorSet.FromString(out.read())
        self.pool = descriptor_pool.DescriptorPool()
        for file in files.file:
            self.pool.Add(file)
        self.factory = message_factory.MessageFactory(self.pool)
        self.files = {file.name: file.SerializeToString() for file in files.file}

    def message(self, name):
        return self.factory.GetPrototype(self.pool.FindMessageTypeByName(name))

    def method(self, path):
        service, name = path.strip("/").rsplit("/", 1)
        return self.pool.FindServiceByName(service).methods_by_name[name]


def handler_of(types, path, behave):
    method = types.method(path)
    takes = types.factory.GetPrototype(method.input_type).FromString
    proto = descriptor_pb2.MethodDescriptorProto()
    method.CopyToProto(proto)
    make = getattr(
        grpc,
        "%s_%s_rpc_method_handler"
        % ("stream" if proto.client_streaming else "unary", "stream" if proto.server_streaming else "unary"),
    )
    return make(behave, request_deserializer=takes, response_serializer=lambda message: message.SerializeToString())


class Sample(grpc.GenericRpcHandler):
    def __init__(self, types, reflects):
        self.types = types
        self.response = types.message("chat.Response")
        behaviours = {
            "/chat.ChatService/SendMessage": self.send,
            "/chat.ChatService/StreamMessages": self.stream,
            "/Greeter/SayHello": self.hello,
            "/lab.Lab/Echo": lambda request, context: request,
        }
        if reflects:
            behaviours["/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"] = self.reflect
        self.handlers = {path: handler_of(types, path, behave) for path, behave in behaviours.items()}

    def service(self, details):
        return self.handlers.get(details.method)

    def send(self, request, context):
        context.send_initial_metadata((("served-by", "python"),))
        if request.text == "fail":
            context.abort(grpc.StatusCode.NOT_FOUND, "no such room: café")
        if request.text == "reject":
            self.reject(context)
        while request.text == "slow" and context.is_active():
            time.sleep(0.01)
        sent = [(name, value) for name, value in context.invocation_metadata() if name.endswith("-bin")]
        context.set_trailing_metadata((("cost", "3"), *sent))
        return self.response(status="ok", message="Got: " + request.text)

    def reject(self, context):
        status = self.types.message("google.rpc.Status")(code=9, message="not in this room")
        status.details.add().Pack(self.types.message("google.rpc.ErrorInfo")(reason="QUIET_HOURS", metadata={"until": "7:00"}))
        status.details.add().Pack(self.types.message("chat.Message")(user="ada", text="sleeps"))
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, "not in this room")

    def stream(self, requests, context):
        for request in requests:
            yield self.response(status="ok", message="Streamed: " + request.text)

    def hello(self, request, context):
        return self.types.message("HelloReply")(message="Hello, %s" % request.name)

    def reflect(self, requests, context):
        answer = self.types.message("grpc.reflection.v1.ServerReflectionResponse")
        for request in requests:
            response = answer(original_request=request)
            asked = request.WhichOneof("message_request")
            if asked == "list_services":
                for name in ["chat.ChatService", "Greeter", "lab.Lab"]:
                    response.list_services_response.service.add(name=name)
            elif asked in ("file_containing_symbol", "file_by_filename"):
                name = request.file_by_filename or self.types.pool.FindFileContainingSymbol(request.file_containing_symbol).name
                response.file_descriptor_response.file_descriptor_proto.append(self.types.files[name])
            else:
                response.error_response.error_code = 12
            yield response


def read(path):
    with open(path, "rb") as file:
        return file.read()


def credentials(cert, key, ca=None):
    pair = [(read(key), read(cert))]
    return grpc.ssl_server_credentials(pair, read(ca), True) if ca else grpc.ssl_server_credentials(pair)


def serve(protos, *options):
    limits = [("grpc.max_receive_message_length", -1)]
    server = grpc.server(futures.ThreadPoolExecutor(8), options=limits, compression=grpc.Compression.Gzip)
    server.add_generic_rpc_handlers((Sample(Types(protos), "reflection" in options),))
    if "tls" in options:
        files = options[options.index("tls") + 1 :]
        print(server.add_secure_port("localhost:0", credentials(*files)), flush=True)
    else:
        print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    server.wait_for_termination()


def call(protos, port, path, *lines):
    types = Types(protos)
    method = types.method(path)
    takes = types.factory.GetPrototype(method.input_type)
    gives = types.factory.GetPrototype(method.output_type)
    channel = grpc.insecure_channel("127.0.0.1:" + port)
    messages = [json_format.Parse(line, takes(), descriptor_pool=types.pool) for line in lines]
    made = channel.stream_stream(path, takes.SerializeToString, gives.FromString)(iter(messages), timeout=30)
    try:
        for message in made:
            print(json.dumps(json_format.MessageToDict(message, descriptor_pool=types.pool)), flush=True)
    except grpc.RpcError:
        pass
    print("status %d %s" % (made.code().value[0], made.details()), flush=True)
    channel.close()


if sys.argv[1] == "server":
    serve(*sys.argv[2:])
else:
    call(*sys.argv[2:])
