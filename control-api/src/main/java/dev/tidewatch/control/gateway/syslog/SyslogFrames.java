package dev.tidewatch.control.gateway.syslog;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.TooLongFrameException;
import java.util.List;

/**
 * Cuts a stream into messages, each in its own way (RFC 6587): one that begins with a digit counts
 * its octets ({@code 23 <34>1 …}), any other ends with a newline or NUL. A line that is too long is
 * skipped to its end and counted; a count that is too large or no number ends the connection,
 * because nobody knows where the next message begins.
 */
final class SyslogFrames extends ByteToMessageDecoder {
  private static final int MOST_DIGITS = 7;
  private final int maxBytes;
  private final Runnable tooLong;
  private boolean skipping;

  /**
   * @param tooLong called for each line that is skipped
   */
  SyslogFrames(int maxBytes, Runnable tooLong) {
    this.maxBytes = maxBytes;
    this.tooLong = tooLong;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (skipping) {
      skip(in);
    } else {
      byte first = in.getByte(in.readerIndex());
      if (first >= '1' && first <= '9') {
        counted(in, out);
      } else {
        line(in, out);
      }
    }
  }

  private void skip(ByteBuf in) {
    int end = end(in);
    in.skipBytes(end < 0 ? in.readableBytes() : end + 1);
    skipping = end < 0;
  }

  private void counted(ByteBuf in, List<Object> out) {
    int length = 0;
    int digits = 0;
    for (; digits < in.readableBytes(); digits++) {
      byte digit = in.getByte(in.readerIndex() + digits);
      if (digit == ' ') {
        break;
      }
      if (digit < '0' || digit > '9' || digits == MOST_DIGITS) {
        throw new TooLongFrameException("a message begins with a digit but has no octet count");
      }
      length = length * 10 + digit - '0';
    }
    if (length > maxBytes) {
      tooLong.run();
      throw new TooLongFrameException(
          "a message of " + length + " bytes; the limit is " + maxBytes);
    }
    if (in.readableBytes() > digits + length) {
      in.skipBytes(digits + 1);
      out.add(take(in, length));
    }
  }

  private void line(ByteBuf in, List<Object> out) {
    int end = end(in);
    if (end < 0 && in.readableBytes() > maxBytes) {
      tooLong.run();
      skipping = true;
      in.skipBytes(in.readableBytes());
    } else if (end >= 0) {
      if (end > maxBytes) {
        tooLong.run();
        in.skipBytes(end);
      } else if (end > 0) {
        out.add(take(in, end));
      }
      in.skipBytes(1);
    }
  }

  @Override
  protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    while (in.isReadable()) {
      int before = in.readableBytes();
      decode(ctx, in, out);
      if (in.readableBytes() == before) {
        // A last line without its newline; half a counted message is lost with its sender.
        byte first = in.getByte(in.readerIndex());
        boolean counted = first >= '1' && first <= '9';
        if (!skipping && !counted) {
          out.add(take(in, in.readableBytes()));
        }
        in.skipBytes(in.readableBytes());
      }
    }
  }

  private static int end(ByteBuf in) {
    int newline = in.bytesBefore((byte) '\n');
    int nul = in.bytesBefore((byte) 0);
    return newline < 0 ? nul : nul < 0 ? newline : Math.min(newline, nul);
  }

  private static byte[] take(ByteBuf in, int length) {
    byte[] message = new byte[length];
    in.readBytes(message);
    return message;
  }
}
