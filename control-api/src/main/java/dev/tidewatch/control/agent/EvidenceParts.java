package dev.tidewatch.control.agent;

import com.google.protobuf.ByteString;
import dev.tidewatch.control.request.Failures;
import dev.tidewatch.control.v1.EvidencePart;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Sends a file down a call as fast as the caller takes it: nothing piles up here. */
final class EvidenceParts {
  private static final int PART = 256 << 10;

  private final ServerCallStreamObserver<EvidencePart> call;
  private final InputStream file;
  private boolean ended;

  private EvidenceParts(ServerCallStreamObserver<EvidencePart> call, InputStream file) {
    this.call = call;
    this.file = file;
  }

  static void send(Path path, ServerCallStreamObserver<EvidencePart> call) {
    try {
      EvidenceParts parts = new EvidenceParts(call, Files.newInputStream(path));
      call.setOnReadyHandler(parts::go);
      call.setOnCancelHandler(parts::end);
      parts.go();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void go() {
    try {
      while (!ended && call.isReady()) {
        byte[] part = file.readNBytes(PART);
        if (part.length == 0) {
          end();
          call.onCompleted();
        } else {
          call.onNext(EvidencePart.newBuilder().setData(ByteString.copyFrom(part)).build());
        }
      }
    } catch (IOException e) {
      end();
      call.onError(Failures.statusOf(e));
    }
  }

  private synchronized void end() {
    ended = true;
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
