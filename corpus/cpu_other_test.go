//go:build !unix

package corpus

import "time"

var started = time.Now()

// cpuTime is how long the process has run: this system is not asked for more.
func cpuTime() time.Duration { return time.Since(started) }
