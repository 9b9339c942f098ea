@NullMarked
package org.commissure.deploy.simulation;

import org.jspecify.annotations.NullMarked;
