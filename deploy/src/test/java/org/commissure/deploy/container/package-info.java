@NullMarked
package org.commissure.deploy.container;

import org.jspecify.annotations.NullMarked;
