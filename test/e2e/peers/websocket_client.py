# A WebSocket client of python3-websockets: sends its arguments after the URL, then prints what it receives, one line
# each, and at last how the connection ended.
import asyncio
import sys

import websockets


async def main():
    async with websockets.connect(sys.argv[1], compression=None) as connection:
        for message in sys.argv[2:]:
            await connection.send(message)
        try:
            while True:
                print("received", await connection.recv(), flush=True)
        except websockets.ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd else 1006
            reason = closed.rcvd.reason if closed.rcvd else ""
            print("closed", code, reason, flush=True)


asyncio.run(main())
