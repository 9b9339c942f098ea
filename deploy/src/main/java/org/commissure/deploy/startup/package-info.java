/** What makes the commands start sooner. */
@NullMarked
package org.commissure.deploy.startup;

import org.jspecify.annotations.NullMarked;
