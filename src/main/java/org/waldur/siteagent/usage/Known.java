package org.waldur.siteagent.usage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;

/**
 * What the same bytes mean, worked out once: millions of rows name a few thousand accounts, users and sets of TRES. It holds a bounded
 * number of them, and begins anew when it is full.
 */
final class Known<T> {
    private static final int SLOTS = 1 << 16;
    private final Function<String, T> meaning;
    private byte[][] keys = new byte[SLOTS][];
    private Object[] values = new Object[SLOTS];
    private int size;

    Known(Function<String, T> meaning) {
        this.meaning = meaning;
    }

    /** What the bytes from {@code from} up to {@code to} mean. @param hash of these bytes */
    T of(byte[] bytes, int from, int to, int hash) {
        int slot = (hash ^ hash >>> 16) & SLOTS - 1;
        while (keys[slot] != null) {
            if (Arrays.equals(keys[slot], 0, keys[slot].length, bytes, from, to)) {
                return value(slot);
            }
            slot = slot + 1 & SLOTS - 1;
        }
        T value = meaning.apply(new String(bytes, from, to - from, StandardCharsets.UTF_8));
        if (++size > SLOTS / 2) {
            keys = new byte[SLOTS][];
            values = new Object[SLOTS];
            size = 1;
            slot = (hash ^ hash >>> 16) & SLOTS - 1;
        }
        keys[slot] = Arrays.copyOfRange(bytes, from, to);
        values[slot] = value;
        return value;
    }

    @SuppressWarnings("unchecked")
    private T value(int slot) {
        return (T) values[slot];
    }
}
