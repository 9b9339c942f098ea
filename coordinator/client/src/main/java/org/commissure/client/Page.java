package org.commissure.client;

import java.util.List;

/**
 * A part of a long list.
 *
 * @param total how many items there are in all
 * @param offset of the first of these
 */
public record Page<T>(long total, long offset, List<T> items) {
    public Page {
        items = List.copyOf(items);
    }
}
