package org.sluice.vswitchd.classifier;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.sluice.datapath.flow.FlowKey;

/**
 * A hash table from the bits of a key under one mask to a value. Chains are immutable: the one
 * writer publishes a changed chain, or a bigger array of chains, with one volatile write, so
 * readers on other threads never wait and never see half a change.
 *
 * <p>A table of one value, such as the input port that all rules of an access list have, is
 * compared with and not hashed.
 */
final class WordTable<V> {
  private static final int FIRST_CAPACITY = 8;

  private final WordMask mask;
  private volatile AtomicReferenceArray<Node<V>> chains =
      new AtomicReferenceArray<>(FIRST_CAPACITY);
  private int count;

  /** The only link there is; null where there are none or several. */
  private volatile Node<V> only;

  /** A link of a chain; never changes. */
  private static final class Node<V> {
    final long[] values;
    final int hash;
    final V value;
    final Node<V> next;

    Node(long[] values, int hash, V value, Node<V> next) {
      this.values = values;
      this.hash = hash;
      this.value = value;
      this.next = next;
    }
  }

  WordTable(WordMask mask) {
    this.mask = mask;
  }

  /** The value for {@code key}, or null. */
  V get(FlowKey key) {
    Node<V> single = only;
    if (single != null) {
      return agrees(single, key) ? single.value : null;
    }
    int hash = hash(key);
    AtomicReferenceArray<Node<V>> table = chains;
    Node<V> node = table.get(hash & (table.length() - 1));
    while (node != null && !(node.hash == hash && agrees(node, key))) {
      node = node.next;
    }
    return node == null ? null : node.value;
  }

  /**
   * Replaces the value for {@code key} by what {@code change} makes of it; null stands for none, on
   * the way in and out. Writer only.
   */
  void update(FlowKey key, UnaryOperator<V> change) {
    V old = get(key);
    V changed = change.apply(old);
    int hash = hash(key);
    int slot = hash & (chains.length() - 1);
    Node<V> chain = chains.get(slot);
    if (old != null) {
      chain = without(chain, hash, key);
      count--;
    }
    if (changed != null) {
      chain = new Node<>(valuesOf(key), hash, changed, chain);
      count++;
    }
    chains.set(slot, chain);
    if (count > chains.length()) {
      grow();
    }
    only = count == 1 ? next(changed == null ? 0 : slot) : null;
  }

  /** The first link of the first chain from {@code start} on. */
  private Node<V> next(int start) {
    int slot = start;
    while (chains.get(slot) == null) {
      slot++;
    }
    return chains.get(slot);
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Shows every value to {@code visitor}, in no order. */
  void forEach(Consumer<V> visitor) {
    AtomicReferenceArray<Node<V>> table = chains;
    for (int i = 0; i < table.length(); i++) {
      for (Node<V> node = table.get(i); node != null; node = node.next) {
        visitor.accept(node.value);
      }
    }
  }

  /** The chain without one link, the links before it copied, in any order. */
  private Node<V> without(Node<V> chain, int hash, FlowKey key) {
    Node<V> gone = chain;
    while (!(gone.hash == hash && agrees(gone, key))) {
      gone = gone.next;
    }
    Node<V> rest = gone.next;
    for (Node<V> kept = chain; kept != gone; kept = kept.next) {
      rest = new Node<>(kept.values, kept.hash, kept.value, rest);
    }
    return rest;
  }

  private void grow() {
    AtomicReferenceArray<Node<V>> old = chains;
    AtomicReferenceArray<Node<V>> bigger = new AtomicReferenceArray<>(old.length() * 2);
    for (int i = 0; i < old.length(); i++) {
      for (Node<V> node = old.get(i); node != null; node = node.next) {
        int slot = node.hash & (bigger.length() - 1);
        bigger.setPlain(slot, new Node<>(node.values, node.hash, node.value, bigger.get(slot)));
      }
    }
    chains = bigger;
  }

  private boolean agrees(Node<V> node, FlowKey key) {
    long[] values = node.values;
    long[] words = key.words();
    for (int i = 0; i < values.length; i++) {
      if (values[i] != mask.masked(words, i)) {
        return false;
      }
    }
    return true;
  }

  private long[] valuesOf(FlowKey key) {
    long[] values = new long[mask.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = mask.masked(key.words(), i);
    }
    return values;
  }

  private int hash(FlowKey key) {
    long[] words = key.words();
    long hash = 0;
    for (int i = 0; i < mask.size(); i++) {
      hash = (hash ^ mask.masked(words, i)) * 0x9e37_79b9_7f4a_7c15L;
      hash ^= hash >>> 29;
    }
    return (int) (hash ^ hash >>> 32);
  }
}
