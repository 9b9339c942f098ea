package org.commissure.coordinator.console;

import java.util.List;

/**
 * A part of a long list.
 *
 * @param total how many there are in all
 * @param offset of the first item
 */
record Page<T>(long total, long offset, List<T> items) {
    Page {
        items = List.copyOf(items);
    }

    static <T> Page<T> of(List<T> all, Window window) {
        int from = Math.min(window.offset(), all.size());
        int to = (int) Math.min((long) from + window.limit(), all.size());
        return new Page<>(all.size(), from, all.subList(from, to));
    }

    /** Which part is asked for. */
    record Window(int offset, int limit) {}
}
