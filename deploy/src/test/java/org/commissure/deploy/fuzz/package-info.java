/** Mutated inputs at every parser that reads what others wrote. */
@org.jspecify.annotations.NullMarked
package org.commissure.deploy.fuzz;
