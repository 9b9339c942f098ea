/**
 * What people read after a run: {@code report.json}, {@code report.html}, {@code model-card.md} and a
 * table for the terminal. All are views of one {@link org.commissure.coordinator.report.RunReport}.
 */
@NullMarked
package org.commissure.coordinator.report;

import org.jspecify.annotations.NullMarked;
