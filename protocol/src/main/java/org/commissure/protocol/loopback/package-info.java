/** Federations whose processes all run on this machine: quickstart, benchmarks, soak, tests. */
@NullMarked
package org.commissure.protocol.loopback;

import org.jspecify.annotations.NullMarked;
