package org.sluice.vswitchd.classifier;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.WordMask;

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
      return mask.agrees(key, single.values) ? single.value : null;
    }
    int hash = mask.hash(key);
    AtomicReferenceArray<Node<V>> table = chains;
    Node<V> node = table.get(hash & (table.length() - 1));
    while (node != null && !(node.hash == hash && mask.agrees(key, node.values))) {
      node = node.next;
    }
    return node == null ? null : node.value;
  }

  /** The value for a key that has {@code masked} under the mask, or null. */
  V get(long[] masked) {
    Node<V> node = find(masked, WordMask.hash(masked));
    return node == null ? null : node.value;
  }

  private Node<V> find(long[] masked, int hash) {
    AtomicReferenceArray<Node<V>> table = chains;
    Node<V> node = table.get(hash & (table.length() - 1));
    while (node != null && !(node.hash == hash && Arrays.equals(node.values, masked))) {
      node = node.next;
    }
    return node;
  }

  /**
   * Replaces the value for keys that have {@code masked}, which is kept, under the mask by what
   * {@code change} makes of it; null stands for none, on the way in and out. Writer only.
   */
  void update(long[] masked, UnaryOperator<V> change) {
    int hash = WordMask.hash(masked);
    Node<V> old = find(masked, hash);
    V changed = change.apply(old == null ? null : old.value);
    int slot = hash & (chains.length() - 1);
    Node<V> chain = chains.get(slot);
    if (old != null) {
      chain = without(chain, old);
      count--;
    }
    if (changed != null) {
      chain = new Node<>(masked, hash, changed, chain);
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
  private Node<V> without(Node<V> chain, Node<V> gone) {
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
}
