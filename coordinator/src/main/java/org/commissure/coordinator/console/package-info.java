/**
 * The coordinator's console: pages, a JSON API and server-sent events for people in a browser, on a TLS port of its own. It is
 * a view of the objects that the coordinator works with and keeps nothing of its own but who may look and who looked.
 */
@NullMarked
package org.commissure.coordinator.console;

import org.jspecify.annotations.NullMarked;
