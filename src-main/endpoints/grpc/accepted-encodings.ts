// Lets grpc-js read grpc-accept-encoding as C++ servers write it, with spaces behind the commas: else it takes gzip for
// unknown to the server, and compresses nothing after the first answer. Reaches behind grpc-js's public face; the version is
// pinned exactly, and test/endpoints/grpc-client.test.ts tells when an update moves it.
import { type Channel, experimental, type Metadata } from '@grpc/grpc-js';

interface ChannelInternals {
  internalChannel: { filterStackFactory: { factories: experimental.FilterFactory<experimental.Filter>[] } };
}

const HEADER = 'grpc-accept-encoding';

class WithoutSpaces extends experimental.BaseFilter {
  override receiveMetadata(metadata: Metadata): Metadata {
    const [encodings] = metadata.get(HEADER);
    if (typeof encodings === 'string') metadata.set(HEADER, encodings.replaceAll(' ', ''));
    return metadata;
  }
}

/** For all calls of a channel. */
export function acceptSpacedEncodings(channel: Channel): void {
  // What came is seen by the last filter first.
  (channel as unknown as ChannelInternals).internalChannel.filterStackFactory.factories.push({
    createFilter: () => new WithoutSpaces(),
  });
}
