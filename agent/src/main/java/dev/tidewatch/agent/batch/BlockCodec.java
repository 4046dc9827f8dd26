package dev.tidewatch.agent.batch;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import dev.tidewatch.ingest.v1.Batch;
import dev.tidewatch.ingest.v1.Codec;
import dev.tidewatch.ingest.v1.CompressedBlock;
import dev.tidewatch.ingest.v1.EventBlock;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/** A block of events as the body of a batch. */
final class BlockCodec {
  private static final int LEVEL = 3;

  private BlockCodec() {}

  /** The batch, without its sequence number. */
  static Batch pack(EventBlock block, Codec codec) throws IOException {
    Batch.Builder batch = Batch.newBuilder();
    return switch (codec) {
      case CODEC_ZSTD -> compressed(batch, codec, block, zstd(block.toByteArray()));
      case CODEC_GZIP -> compressed(batch, codec, block, gzip(block.toByteArray()));
      default -> batch.setPlain(block).build();
    };
  }

  private static Batch compressed(
      Batch.Builder batch, Codec codec, EventBlock block, ByteString data) {
    return batch
        .setCompressed(
            CompressedBlock.newBuilder()
                .setCodec(codec)
                .setUncompressedBytes(block.getSerializedSize())
                .setData(data))
        .build();
  }

  private static ByteString zstd(byte[] bytes) {
    return ByteString.copyFrom(Zstd.compress(bytes, LEVEL));
  }

  private static ByteString gzip(byte[] bytes) throws IOException {
    ByteString.Output out = ByteString.newOutput();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteString();
  }
}
