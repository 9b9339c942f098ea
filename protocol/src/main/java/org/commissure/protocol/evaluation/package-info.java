/** What an evaluation sum consists of. */
@NullMarked
package org.commissure.protocol.evaluation;

import org.jspecify.annotations.NullMarked;
