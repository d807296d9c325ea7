# A WebSocket server of python3-websockets: echoes, and does what a message orders. Prints its port.
import asyncio
import sys

import websockets


async def serve(connection):
    async for message in connection:
        if message == "ping me":
            await (await connection.ping(b"are you there"))
            await connection.send("pong came")
        elif message == "fragments please":
            await connection.send(iter(["one ", "two ", "three"]))
        elif message == "close please":
            await connection.close(4321, "as you wish")
        else:
            await connection.send(message)


async def main():
    compression = "deflate" if "deflate" in sys.argv else None
    async with websockets.serve(serve, "127.0.0.1", 0, compression=compression) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().create_future()


asyncio.run(main())
