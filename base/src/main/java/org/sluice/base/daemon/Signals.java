package org.sluice.base.daemon;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;

/**
 * Catches signals. The JDK's only way is {@code sun.misc.Signal}, which the compiler warns about
 * wherever it is named, and that warning cannot be switched off: hence by reflection. Stateless.
 */
final class Signals {
  private Signals() {}

  /** Has {@code handler} called with the number of the signal {@code name} whenever it comes. */
  static void handle(String name, IntConsumer handler) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      Method number = signal.getMethod("getNumber");
      InvocationHandler handle =
          (_, _, arguments) -> {
            handler.accept((int) number.invoke(arguments[0]));
            return null;
          };
      Object proxy =
          Proxy.newProxyInstance(
              handlerType.getClassLoader(), new Class<?>[] {handlerType}, handle);
      signal
          .getMethod("handle", signal, handlerType)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("catching SIG" + name, e);
    }
  }
}
