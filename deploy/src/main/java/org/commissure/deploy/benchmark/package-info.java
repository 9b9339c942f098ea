/** What a whole round costs on this machine. */
@NullMarked
package org.commissure.deploy.benchmark;

import org.jspecify.annotations.NullMarked;
