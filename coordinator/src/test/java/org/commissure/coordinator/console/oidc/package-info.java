/** An OpenID provider for tests, which can also lie. */
@NullMarked
package org.commissure.coordinator.console.oidc;

import org.jspecify.annotations.NullMarked;
