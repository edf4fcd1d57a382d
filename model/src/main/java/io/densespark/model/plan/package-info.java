/**
 * What a replica will allocate, as a pure function of its settings: every buffer with its shape and bytes, the shared
 * allocations in which the replica then finds its views, and the pieces in which it goes through them. Those who only want
 * to know what a replica would take enter for the plan alone. In this module {@code backend}, {@code cpu}, {@code cuda} and
 * {@code replica} enter.
 */
package io.densespark.model.plan;
