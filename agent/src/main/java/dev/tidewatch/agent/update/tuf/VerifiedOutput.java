package dev.tidewatch.agent.update.tuf;

import dev.tidewatch.agent.update.tuf.TufException.Reason;
import java.io.IOException;
import java.io.OutputStream;

/** Passes a file on and knows at its end whether it was the right one. */
public final class VerifiedOutput extends OutputStream {
  private final TargetFile file;
  private final OutputStream to;
  private final Digests digests;
  private long bytes;

  public VerifiedOutput(TargetFile file, OutputStream to) {
    this.file = file;
    this.to = to;
    this.digests = new Digests(file.hashes());
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws IOException {
    bytes += length;
    digests.update(buffer, offset, length);
    to.write(buffer, offset, length);
  }

  /**
   * @throws TufException when what was written is not the file; to be called once
   */
  public void requireWhole() throws TufException {
    if (bytes != file.length()) {
      throw new TufException(
          Reason.MISMATCH, file.path() + " has " + bytes + " bytes, not " + file.length());
    }
    digests.require(file.path());
  }
}
