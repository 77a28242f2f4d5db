package org.sluice.tools.ofctl;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.openflow.codec.Inspected;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.codec.OfEncoder;
import org.sluice.openflow.message.NiciraMessage;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.PacketIn;
import org.sluice.openflow.message.PacketOut;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.openflow.text.PacketOutParser;
import org.sluice.openflow.text.Parsed;

/**
 * Prints every message that comes, until the connection or somebody ends it.
 *
 * <p>The thread that runs it reads; control connections send, hold it up and change where it
 * prints. Both print, and read text, one at a time: the names of a switch, which are asked for when
 * they are needed first, and the notes are those of one thread.
 */
final class MonitorLoop {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS: ");

  private final SwitchSession session;
  private final Switches switches;
  private final Exchange exchange;
  private final String name;
  private final OfctlOptions options;

  /** Held by whoever prints or reads text; guards where to, the names and the notes. */
  private final ReentrantLock printing = new ReentrantLock();

  /** Where to print; null for standard error. */
  private PrintStream file;

  /** Guards what follows; never held while somebody prints. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition released = lock.newCondition();
  private boolean blocked;
  private boolean exiting;

  /** Whoever waits for a barrier reply, or null. */
  private final AtomicReference<CompletableFuture<UnixctlReply>> barrier = new AtomicReference<>();

  /** Opens the control socket and says that all is ready; closes it again. */
  interface Start {
    /** Runs while the loop does. */
    AutoCloseable begin(UnixctlCommands commands) throws IOException;
  }

  /** What is answered: echo requests, and packets that wait for their controller. */
  record Manner(boolean answersEchoes, boolean resumes) {}

  MonitorLoop(
      SwitchSession session,
      Switches switches,
      Exchange exchange,
      String name,
      OfctlOptions options) {
    this.session = session;
    this.switches = switches;
    this.exchange = exchange;
    this.name = name;
    this.options = options;
  }

  /** Runs to the end. */
  void run(Start start, Manner manner) throws IOException, InterruptedException {
    UnixctlCommands commands = new UnixctlCommands(OvsOfctl.versionLine());
    register(commands);
    AutoCloseable begun = start.begin(commands);
    try {
      readAll(manner);
    } finally {
      close(begun);
    }
  }

  private static void close(AutoCloseable begun) throws IOException {
    try {
      begun.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private void readAll(Manner manner) throws IOException, InterruptedException {
    while (true) {
      byte[] message;
      try {
        message = session.receiveOrNull();
      } catch (IOException e) {
        if (awaitRelease()) {
          return;
        }
        throw e;
      }
      if (awaitRelease()) {
        return;
      }
      if (message == null) {
        throw new OfctlException("vconn_recv (End of file)");
      }
      show(message);
      answer(message, manner);
    }
  }

  /** Waits as long as reading is blocked; whether it is to end. */
  private boolean awaitRelease() throws InterruptedException {
    lock.lock();
    try {
      while (blocked && !exiting) {
        released.await();
      }
      return exiting;
    } finally {
      lock.unlock();
    }
  }

  private void show(byte[] message) {
    String time = options.timestamp() ? TIME.format(LocalDateTime.now(ZoneId.systemDefault())) : "";
    print(time, message, 2);
  }

  private void print(String before, byte[] message, int more) {
    printing.lock();
    try {
      PrintStream out = file == null ? System.err : file;
      out.print(before + exchange.print(message, switches.shown(name), more));
      out.flush();
    } finally {
      printing.unlock();
    }
  }

  private void answer(byte[] bytes, Manner manner) throws IOException {
    Inspected inspected = OfDecoder.inspect(bytes);
    switch (inspected.message()) {
      case OfMessage.BarrierReply reply -> completeBarrier();
      case OfMessage.EchoRequest request when manner.answersEchoes() ->
          session.send(
              OfEncoder.encode(
                      new OfMessage.EchoReply(request.data()),
                      inspected.xid(),
                      session.format().dialect())
                  .getFirst());
      case PacketIn packet when manner.resumes() && packet.continuation() != null -> resume(packet);
      case null, default -> {}
    }
  }

  private void resume(PacketIn packet) throws IOException {
    byte[] message = session.encode(new NiciraMessage.Resume(packet));
    print("send: ", message, 2);
    session.send(message);
  }

  private void completeBarrier() {
    CompletableFuture<UnixctlReply> waiting = barrier.getAndSet(null);
    if (waiting != null) {
      waiting.complete(UnixctlReply.NOTHING);
    }
  }

  // Commands.

  private void register(UnixctlCommands commands) {
    commands.register("exit", "", 0, 0, request -> exit());
    commands.register(
        "ofctl/send", "OFMSG...", 1, Integer.MAX_VALUE, request -> send(request.args()));
    commands.register(
        "ofctl/packet-out",
        "\"in_port=<port> packet=<hex data> actions=...\"",
        1,
        1,
        request -> packetOut(request.args().getFirst()));
    commands.registerDeferred("ofctl/barrier", "", 0, 0, request -> barrier());
    commands.register(
        "ofctl/set-output-file", "FILE", 1, 1, request -> setOutput(request.args().getFirst()));
    commands.register("ofctl/block", "", 0, 0, request -> block(true));
    commands.register("ofctl/unblock", "", 0, 0, request -> block(false));
  }

  private UnixctlReply exit() {
    lock.lock();
    try {
      exiting = true;
      released.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      session.close();
    } catch (IOException e) {
      return UnixctlReply.NOTHING;
    }
    return UnixctlReply.NOTHING;
  }

  private UnixctlReply block(boolean wanted) {
    lock.lock();
    try {
      if (blocked == wanted) {
        return new UnixctlReply.Text(wanted ? "already blocking" : "already unblocked");
      }
      blocked = wanted;
      released.signalAll();
      return UnixctlReply.NOTHING;
    } finally {
      lock.unlock();
    }
  }

  private UnixctlReply setOutput(String path) {
    printing.lock();
    try {
      PrintStream opened =
          new PrintStream(new FileOutputStream(path), false, StandardCharsets.UTF_8);
      System.setErr(opened); // what goes wrong from now on is told there too
      if (file != null) {
        file.close();
      }
      file = opened;
      return UnixctlReply.NOTHING;
    } catch (IOException e) {
      return new UnixctlReply.Failure(e.getMessage());
    } finally {
      printing.unlock();
    }
  }

  private CompletableFuture<UnixctlReply> barrier() {
    CompletableFuture<UnixctlReply> answer = new CompletableFuture<>();
    if (!barrier.compareAndSet(null, answer)) {
      return CompletableFuture.completedFuture(
          new UnixctlReply.Failure("already waiting for barrier reply"));
    }
    try {
      session.send(new OfMessage.BarrierRequest()); // which may wait until the reader has read
    } catch (IOException e) {
      barrier.compareAndSet(answer, null);
      answer.complete(new UnixctlReply.Failure(e.getMessage()));
    }
    return answer;
  }

  private UnixctlReply send(List<String> messages) {
    StringBuilder reply = new StringBuilder();
    boolean well = true;
    for (String digits : messages) {
      String problem = sendOne(digits);
      reply.append(problem == null ? "sent" : problem).append('\n');
      well &= problem == null;
    }
    return well
        ? new UnixctlReply.Text(reply.toString())
        : new UnixctlReply.Failure(reply.toString());
  }

  private String sendOne(String digits) {
    try {
      byte[] message = HexInput.parse(digits, "Trailing garbage in hex data");
      if (message.length < OfDecoder.HEADER_BYTES) {
        return "Message too short for OpenFlow";
      }
      if (message.length != ((message[2] & 0xff) << 8 | (message[3] & 0xff))) {
        return "Message size does not match length in OpenFlow header";
      }
      print("send: ", message, 0);
      session.send(message);
      return null;
    } catch (OfctlException | IOException e) {
      return e.getMessage();
    }
  }

  private Parsed<PacketOut> parse(String text) throws OfSyntaxException {
    printing.lock();
    try {
      return PacketOutParser.parse(text, switches.accepted(name));
    } finally {
      printing.unlock();
    }
  }

  private UnixctlReply packetOut(String text) {
    try {
      Parsed<PacketOut> packet = parse(text);
      if (!packet.formats().contains(session.format())) {
        return new UnixctlReply.Failure(
            "PACKET_OUT actions are incompatible with the OpenFlow connection.\n");
      }
      byte[] message = session.encode(packet.message());
      print("", message, 0);
      session.send(message);
      return UnixctlReply.NOTHING;
    } catch (OfSyntaxException | IOException e) {
      return new UnixctlReply.Failure(e.getMessage() + "\n");
    }
  }
}
