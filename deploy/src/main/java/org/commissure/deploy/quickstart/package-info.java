/** The quickstart: one federated training from nothing to a verified log. */
@NullMarked
package org.commissure.deploy.quickstart;

import org.jspecify.annotations.NullMarked;
