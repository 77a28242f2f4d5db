package org.sluice.base.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.util.NoSuchElementException;

/**
 * A C library function whose arguments are integers or addresses and whose result is -1 on failure.
 *
 * <p>Every function is called with six 64-bit integers: the calling conventions of 64-bit Linux
 * pass them all in registers, where a function finds the low half of what it takes as {@code int}
 * and ignores those it does not take. One shape of call therefore serves all of them, and a call
 * through a {@code static final} instance compiles to a direct one (the fields of records are
 * constants to the compiler). Immutable; the errno of a call is captured in memory of the calling
 * thread's own.
 *
 * @param wide whether the result is a {@code long} or an address, not an {@code int}
 */
record LibcFunction(MethodHandle handle, boolean wide) {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final long ERRNO_OFFSET =
      CAPTURE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
  private static final FunctionDescriptor SIX_LONGS =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final ThreadLocal<MemorySegment> STATE =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CAPTURE));

  /** A function that returns {@code int}. */
  static LibcFunction narrow(String name) {
    return new LibcFunction(bind(name), false);
  }

  /** A function that returns {@code long}, {@code ssize_t} or an address. */
  static LibcFunction wide(String name) {
    return new LibcFunction(bind(name), true);
  }

  /** A function that returns {@code int}, declared with {@code fixed} arguments and an ellipsis. */
  static LibcFunction variadic(String name, int fixed) {
    return new LibcFunction(bind(name, Linker.Option.firstVariadicArg(fixed)), false);
  }

  private static MethodHandle bind(String name, Linker.Option... more) {
    MemorySegment address =
        LINKER
            .defaultLookup()
            .find(name)
            .orElseThrow(() -> new NoSuchElementException("the C library has no " + name));
    Linker.Option[] options = new Linker.Option[more.length + 1];
    System.arraycopy(more, 0, options, 0, more.length);
    options[more.length] = Linker.Option.captureCallState("errno");
    return LINKER.downcallHandle(address, SIX_LONGS, options);
  }

  /** Calls; returns the result, or the negative errno. */
  long call(long a, long b, long c, long d, long e, long f) {
    MemorySegment state = STATE.get();
    long raw;
    try {
      raw = (long) handle.invokeExact(state, a, b, c, d, e, f);
    } catch (Throwable t) {
      throw new AssertionError("a C function does not throw", t);
    }
    long result = wide ? raw : (int) raw;
    return result == -1 ? -state.get(JAVA_INT, ERRNO_OFFSET) : result;
  }

  long call(long a) {
    return call(a, 0, 0, 0, 0, 0);
  }

  long call(long a, long b) {
    return call(a, b, 0, 0, 0, 0);
  }

  long call(long a, long b, long c) {
    return call(a, b, c, 0, 0, 0);
  }

  long call(long a, long b, long c, long d) {
    return call(a, b, c, d, 0, 0);
  }

  /** The C string at {@code address}. */
  static String string(long address) {
    return MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0);
  }
}
