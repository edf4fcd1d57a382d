/** Tests of a step's profile. */
package io.densespark.benchmark.profile;
