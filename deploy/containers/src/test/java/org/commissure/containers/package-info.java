@NullMarked
package org.commissure.containers;

import org.jspecify.annotations.NullMarked;
