# A gRPC server or client without generated code, for tests: `server [gzip]` prints its port, `client PORT [gzip]` makes calls
# of all four shapes, right and wrong, and prints "done".
import sys
import time
from concurrent import futures

import grpc


def text(message):
    """The protobuf message {1: message}."""
    return b"\n" + bytes([len(message)]) + message.encode()


# google.rpc.Status: NOT_FOUND, "no", and a detail of type chat.Message {1: "who"}.
DETAILS = b"\x08\x05\x12\x02no\x1a\x19\n\x10x.y/chat.Message\x12\x05\n\x03who"


class Chat(grpc.GenericRpcHandler):
    def service(self, details):
        return {
            "SendMessage": grpc.unary_unary_rpc_method_handler(self.send),
            "Fail": grpc.unary_unary_rpc_method_handler(self.fail),
            "Wait": grpc.unary_unary_rpc_method_handler(self.wait),
            "Watch": grpc.unary_stream_rpc_method_handler(self.watch),
            "Collect": grpc.stream_unary_rpc_method_handler(self.collect),
            "StreamMessages": grpc.stream_stream_rpc_method_handler(self.stream),
        }.get(details.method.rsplit("/", 1)[-1])

    def send(self, request, context):
        context.send_initial_metadata((("x-served-by", "python"), ("blob-bin", bytes(range(10)))))
        context.set_trailing_metadata((("x-trailer", "last"),))
        return request

    def fail(self, request, context):
        context.set_trailing_metadata((("grpc-status-details-bin", DETAILS),))
        context.abort(grpc.StatusCode.NOT_FOUND, "no such user: José %")

    def wait(self, request, context):
        while context.is_active():
            time.sleep(0.01)
        return request

    def watch(self, request, context):
        for i in range(20):
            yield text("update %d" % i)

    def collect(self, requests, context):
        return text("%d messages" % sum(1 for _ in requests))

    def stream(self, requests, context):
        for request in requests:
            yield request
            yield request


def serve(compression):
    server = grpc.server(futures.ThreadPoolExecutor(4), compression=compression)
    server.add_generic_rpc_handlers((Chat(),))
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    server.wait_for_termination()


def call(port, compression):
    channel = grpc.insecure_channel("127.0.0.1:" + port, compression=compression)
    service = "/chat.ChatService/"
    metadata = (("x-user", "maria"), ("trace-bin", b"\x00\xff\x01"))
    for i in range(5):
        channel.unary_unary(service + "SendMessage")(text("hello %d" % i), metadata=metadata, timeout=5)
    channel.unary_unary(service + "SendMessage")(b"\n\xa0\x8d\x06" + b"long " * 20000)
    for method in (service + "Fail", "/chat.Nobody/Nothing"):
        try:
            channel.unary_unary(method)(text("who"))
        except grpc.RpcError:
            pass
    try:
        channel.unary_unary(service + "Wait")(text("at most"), timeout=0.3)
    except grpc.RpcError:
        pass
    waiting = channel.unary_unary(service + "Wait").future(text("until cancelled"))
    time.sleep(0.3)
    waiting.cancel()
    list(channel.unary_stream(service + "Watch")(text("all")))
    channel.stream_unary(service + "Collect")(iter([text("m%d" % i) for i in range(10)]))
    list(channel.stream_stream(service + "StreamMessages")(iter([text("b%d" % i) for i in range(10)])))
    channel.close()
    print("done", flush=True)


compression = grpc.Compression.Gzip if "gzip" in sys.argv else None
if sys.argv[1] == "server":
    serve(compression)
else:
    call(sys.argv[2], compression)
