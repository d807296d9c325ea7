# Calls our mock server with grpcio and without generated code: `PORT [CA CERT KEY]`. Prints one line of JSON.
import json
import sys

import grpc

SERVICE = "/chat.ChatService/"


def field(number, text):
    data = text.encode()
    return bytes([number << 3 | 2, len(data)]) + data


def message(user, text):
    return field(1, user) + field(2, text)


def open_channel(port, files):
    options = (("grpc.max_receive_message_length", -1), ("grpc.ssl_target_name_override", "localhost"))
    if not files:
        return grpc.insecure_channel("127.0.0.1:" + port, options)
    ca, cert, key = (open(name, "rb").read() for name in files)
    return grpc.secure_channel("127.0.0.1:" + port, grpc.ssl_channel_credentials(ca, key, cert), options)


def failure(call):
    try:
        call()
    except grpc.RpcError as error:
        return {
            "code": error.code().name,
            "details": error.details(),
            "trailers": {key: value if isinstance(value, str) else value.hex() for key, value in error.trailing_metadata()},
        }
    return None


def main(port, *files):
    result = {}
    with open_channel(port, files) as channel:
        unary, stream = channel.unary_unary, channel.stream_stream
        reply, call = channel.unary_unary("/Greeter/SayHello").with_call(field(1, "Maria"), timeout=10)
        result["greeting"] = reply.hex()
        result["initial"] = {key: value if isinstance(value, str) else value.hex() for key, value in call.initial_metadata()}
        result["echo"] = unary(SERVICE + "Mirror")(message("a", "b"), timeout=10) == message("a", "b")
        large = field(1, "a") + b"\x12\xc0\x96\xb1\x02" + b"x" * 5_000_000
        result["large"] = unary(SERVICE + "Mirror")(large, timeout=20) == large
        gzip = unary(SERVICE + "Mirror")(message("a", "z" * 100), timeout=10, compression=grpc.Compression.Gzip)
        result["gzip"] = gzip == message("a", "z" * 100)
        result["bidi"] = [one.decode() for one in stream(SERVICE + "Chat")((message("", str(i)) for i in range(3)), timeout=10)]
        result["collected"] = channel.stream_unary(SERVICE + "Upload")((message("", str(i)) for i in range(3)), timeout=10).decode()
        result["watched"] = len(list(channel.unary_stream(SERVICE + "Watch")(message("", "x"), timeout=10)))
        result["scripted"] = failure(lambda: unary(SERVICE + "SendMessage")(message("", "fail"), timeout=10))
        result["unknown"] = failure(lambda: unary("/Nobody/Nothing")(b"", timeout=10))
        result["late"] = failure(lambda: unary(SERVICE + "Shorten")(message("", "x"), timeout=0.2))
        result["health"] = unary("/grpc.health.v1.Health/Check")(field(1, "Greeter"), timeout=10).hex()
    print(json.dumps(result))


main(*sys.argv[1:])
