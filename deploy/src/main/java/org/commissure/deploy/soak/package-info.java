/** Many runs under random kills: what must hold after each, and memory that must not grow. */
@NullMarked
package org.commissure.deploy.soak;

import org.jspecify.annotations.NullMarked;
