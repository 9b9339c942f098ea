/** Mutated inputs at every parser that reads what others wrote. */
package org.commissure.deploy.fuzz;
