/** Tests of the module as a whole. */
package io.densespark.benchmark;
