package org.sluice.base.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.ReentrantLock;
import org.sluice.base.linux.Errno;
import org.sluice.base.linux.FileDescriptors;
import org.sluice.base.linux.Sockets;

/** A connected socket known only by its number; see {@link DescriptorListener}. */
final class DescriptorStream implements Stream {
  private static final int CHUNK = 1 << 16;

  private final String name;
  private final int fd;

  /** Held while the descriptor is written to or closed, so that no write meets a reused number. */
  private final ReentrantLock using = new ReentrantLock();

  private boolean closed;
  private final InputStream input = new Input();
  private final OutputStream output = new Output();

  DescriptorStream(String name, int fd) {
    this.name = name;
    this.fd = fd;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public InputStream input() {
    return input;
  }

  @Override
  public OutputStream output() {
    return output;
  }

  @Override
  public Thread.Builder threads() {
    return Thread.ofPlatform().daemon();
  }

  /** Ends reading and writing; the descriptor itself goes when the reader has noticed. */
  @Override
  public void close() {
    Sockets.shutdown(fd);
  }

  private long checked(long result) throws IOException {
    if (result < 0) {
      throw new IOException(Errno.text((int) -result));
    }
    return result;
  }

  private final class Input extends InputStream {
    private final MemorySegment buffer = Arena.ofAuto().allocate(CHUNK);
    private boolean ended;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      if (ended) {
        return -1;
      }
      int n = (int) checked(FileDescriptors.read(fd, buffer.address(), Math.min(length, CHUNK)));
      if (n == 0) {
        ended = true;
        end();
        return -1;
      }
      MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, to, offset, n);
      return n;
    }
  }

  private void end() {
    using.lock();
    try {
      closed = true;
      FileDescriptors.close(fd);
    } finally {
      using.unlock();
    }
  }

  private final class Output extends OutputStream {
    private final MemorySegment buffer = Arena.ofAuto().allocate(CHUNK);

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      using.lock();
      try {
        writeAll(from, offset, length);
      } finally {
        using.unlock();
      }
    }

    private void writeAll(byte[] from, int offset, int length) throws IOException {
      int done = 0;
      while (done < length) {
        if (closed) {
          throw new IOException("closed");
        }
        int chunk = Math.min(length - done, CHUNK);
        MemorySegment.copy(from, offset + done, buffer, ValueLayout.JAVA_BYTE, 0, chunk);
        done += (int) checked(Sockets.send(fd, buffer.address(), chunk, Sockets.MSG_NOSIGNAL));
      }
    }
  }
}
