package dev.tidewatch.agent.collect.kernel;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** Calls of the C library, mapped directly: an interface would cost a proxy each. */
final class LibC {
  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int ENOBUFS = 105;

  static {
    Native.register(LibC.class, "c");
  }

  private LibC() {}

  static native int socket(int domain, int type, int protocol) throws LastErrorException;

  static native int setsockopt(int socket, int level, int name, byte[] value, int length)
      throws LastErrorException;

  static native int bind(int socket, byte[] address, int length) throws LastErrorException;

  static native long send(int socket, byte[] bytes, long length, int flags)
      throws LastErrorException;

  static native long recv(int socket, Pointer bytes, long length, int flags)
      throws LastErrorException;

  static native long read(int descriptor, Pointer bytes, long length) throws LastErrorException;

  static native int open(byte[] path, int flags) throws LastErrorException;

  static native long read(int descriptor, byte[] bytes, long length) throws LastErrorException;

  static native long readlink(byte[] path, byte[] target, long length) throws LastErrorException;

  static native int poll(byte[] descriptors, long count, int timeoutMillis)
      throws LastErrorException;

  static native int setpriority(int which, int who, int nice) throws LastErrorException;

  static native int close(int descriptor) throws LastErrorException;

  static native int fanotify_init(int flags, int eventFlags) throws LastErrorException;

  static native int fanotify_mark(int group, int flags, long mask, int directory, byte[] path)
      throws LastErrorException;

  static native int name_to_handle_at(
      int directory, byte[] path, byte[] handle, byte[] mountId, int flags)
      throws LastErrorException;

  static native int statfs(byte[] path, byte[] result) throws LastErrorException;
}
