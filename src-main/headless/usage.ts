// What the command line understands, in its own words, and how it says that it did not.

/** The command line or a file it names is wrong: exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export const ExitCode = {
  ok: 0,
  /** An expectation did not hold. */
  failed: 1,
  /** The file or the command line is wrong. */
  usage: 2,
  /** The peer could not be reached. */
  unreachable: 3,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export const HELP = `Wirescope: an inspector and debugger for realtime protocols.

wirescope serve [--port N] [--workspace DIR] [--data DIR] [--secrets-file FILE]
    The app in a browser. Prints one URL with its token; Ctrl+C ends it.
    --port N         port on 127.0.0.1; any free one if absent
    --workspace DIR  folder to open instead of the one that was open last
    --data DIR       folder for captures, uploads and sessions
    --secrets-file FILE
                     values of secret variables: a JSON object that only you can read. WIRESCOPE_SECRET_NAME of the
                     environment counts first.

wirescope run FILE… [options]
    Runs the scripts of session files, one after the other.
    A client connects and runs its script once. A server listens, prints its address on standard error and runs its
    script for each connection.
    --env NAME         variables of environments/NAME.yaml in the workspace (the topmost folder with a wirescope.yaml),
                       or beside the file
    --var NAME=VALUE   a variable; wins over all others; may be repeated
    --data FILE        runs each FILE once for each row: CSV whose first line names variables, or a JSON list of objects;
                       in place of what the session names itself (data:)
    --secrets-file F   values of secret variables: a JSON object of names and values that only you can read;
                       WIRESCOPE_SECRET_NAME of the environment counts first
    --connections N    of a server: end after the scripts of N connections (default 1)
    --capture OUT      keep the capture as this pcapng file (one run only)
    --report KIND      text (default), json or junit, on standard output
    --messages N       messages in the JSON report, the last ones (default 100)
    --quiet            nothing but failures and the report asked for
    An expectation without "direction" is about what the other side sends; without "within" it waits 5 s. It looks at
    the messages that no earlier expectation of that direction has consumed, takes the first that fits, and consumes
    all up to it. With "field" it looks at every record, else at messages.
    Of gRPC, "json" and "text" are about the decoded message, "status" about how a call ended (OK, NOT_FOUND, 5), and
    "metadata" about initial metadata and trailers. When the script is over, calls that wait for nothing but their answer
    get one second for it; those still open are cancelled, and the report says so.

wirescope read CAPTURE [options]
    Prints the records of a pcapng or pcap file, one a line: seq, time, direction, kind, length, summary.
    --filter EXPR         only records for which the filter holds
    --level LEVEL         only events, frames or messages: event, frame or message
    --fields a,b,c        these fields instead, tab separated, as tshark -T fields prints them
    --format tsv|json     json: one object a line (default tsv)
    --count               only how many there are
    --proto FILE          name the fields of gRPC messages by this .proto file, folder or descriptor set; may be repeated
    --import-path DIR     where imports of these are looked up; may be repeated
    --keylog FILE         decrypt TLS with the secrets in this file (SSLKEYLOGFILE); those in the capture are used anyway
    --decode PORT=PROTO   take a port for http, http2, websocket, tls, tcp, lines or udp; may be repeated

Exit codes: 0 every expectation held; 1 one did not; 2 the file or the command line is wrong; 3 the peer could not be
reached.
`;
