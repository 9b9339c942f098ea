package org.commissure.site.console;

import java.util.function.Consumer;

/**
 * One page, for a person and for a program.
 *
 * @param facts maps, lists, records, strings and numbers
 * @param refreshes whether the page is to be asked for again soon, because something is being read
 */
record View(String title, Object facts, Consumer<Markup> body, boolean refreshes) {
    View(String title, Object facts, Consumer<Markup> body) {
        this(title, facts, body, false);
    }
}
