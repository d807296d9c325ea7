// A gRPC call as those see it who take part in it: what the call picker lists.

export interface CallState {
  /** Number of the call in its endpoint, from 1. */
  call: number;
  connection: number;
  /** The other side's `address:port`. */
  peer: string;
  /** `chat.ChatService/SendMessage`. */
  method: string;
  /** Microseconds since the Unix epoch. */
  startedAt: number;
  /** Messages, by who sent them. */
  clientMessages: number;
  serverMessages: number;
  /** The client has sent all it will. */
  clientEnded: boolean;
  /** Server: a person should answer it. */
  waiting: boolean;
  /** Absent while the call goes on. */
  ended?: { at: number; code: number; message: string };
}
