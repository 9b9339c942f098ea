@NullMarked
package org.commissure.coordinator.support;

import org.jspecify.annotations.NullMarked;
