/** The coordinator's console in a real browser. */
@NullMarked
package org.commissure.deploy.console;

import org.jspecify.annotations.NullMarked;
