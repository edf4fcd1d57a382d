/**
 * What a replica will allocate, as a pure function of its settings: every buffer by name with its shape and bytes, and the
 * shared allocations in which the replica then finds its views. The replica enters; Spark's driver enters for the plan alone.
 */
package io.densespark.model.plan;
