package org.waldur.siteagent.usage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;

/**
 * What the same bytes mean, worked out once: millions of rows name a few thousand accounts, users and sets of TRES. It holds a bounded
 * number of them, and begins anew when it is full.
 */
final class Known<T> {
    private static final int SLOTS = 1 << 16;
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private record Entry<T>(long hash, byte[] bytes, T meaning) {
    }

    private final Function<String, T> meaning;
    private Entry<T>[] entries = empty();
    private int size;

    Known(Function<String, T> meaning) {
        this.meaning = meaning;
    }

    @SuppressWarnings("unchecked")
    private static <T> Entry<T>[] empty() {
        return new Entry[SLOTS];
    }

    /** What the bytes from {@code from} up to {@code to} mean. */
    T of(byte[] bytes, int from, int to) {
        long hash = hash(bytes, from, to);
        int slot = (int) (hash >>> 48) & SLOTS - 1;
        for (Entry<T> entry = entries[slot]; entry != null; entry = entries[slot]) {
            if (entry.hash == hash && Arrays.equals(entry.bytes, 0, entry.bytes.length, bytes, from, to)) {
                return entry.meaning;
            }
            slot = slot + 1 & SLOTS - 1;
        }
        Entry<T> entry = new Entry<>(hash, Arrays.copyOfRange(bytes, from, to), meaning.apply(new String(bytes, from, to - from, StandardCharsets.UTF_8)));
        if (++size > SLOTS / 2) {
            entries = empty();
            size = 1;
            slot = (int) (hash >>> 48) & SLOTS - 1;
        }
        entries[slot] = entry;
        return entry.meaning;
    }

    private static long hash(byte[] bytes, int from, int to) {
        long hash = to - from;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            hash = mixed(hash ^ (long) EIGHT.get(bytes, at));
        }
        for (; at < to; at++) {
            hash = mixed(hash ^ bytes[at]);
        }
        return hash;
    }

    private static long mixed(long hash) {
        long product = hash * 0x9E3779B97F4A7C15L;
        return product ^ product >>> 32;
    }
}
