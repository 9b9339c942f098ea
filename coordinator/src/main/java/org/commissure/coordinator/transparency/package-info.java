/**
 * The log as members read it: files over HTTPS, in the layout of C2SP tlog-tiles. Nothing here writes;
 * appending is the storage's.
 */
@NullMarked
package org.commissure.coordinator.transparency;

import org.jspecify.annotations.NullMarked;
