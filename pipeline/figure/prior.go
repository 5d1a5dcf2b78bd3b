package figure

// priors are what the evidence is worth before anything is learned: a reader's
// expectations. Learning starts from them and is drawn back to them.
var priors = func() map[string]float32 {
	priors, set := newPriors()
	for i, v := range []float32{2, 0.8, 1.5, 0.8, 0.6, 0.2, -0.6, 0, -0.5, -0.3, -0.3, -0.5, 0.3, 0.8, 0, 1.5, 0.2, 1.5, 4} {
		set("where+same", v, whereNames[i]+"+no", whereNames[i]+"+yes")
	}
	for k, v := range map[mentionKind]float32{kindPerson: -2, kindFolk: 0.3, kindResource: -1.5, kindNoun: -0.3, kindCountry: -0.8, kindWork: 0.5, kindActor: -0.3, kindCounted: -0.3, kindSeat: -0.2,
		kindMeeting: -1, kindOffice: -0.8, kindEvent: 0.3, kindProject: 0.8, kindFacility: 0.5, kindFirm: 0.8, kindProvince: 0.8, kindCity: 0.8, kindCounty: 0.8, kindPlace: 0.5, kindThis: 0.5, kindUnit: 0.5} {
		set("titled+kind", v, "no+"+kindNames[k])
		set("titled+kind", v+0.5, "yes+"+kindNames[k])
	}
	for s, v := range map[standing]float32{standsMiddle: -0.6, standsObject: -1.5, standsAfter: -1.2, standsOblique: -1.8, standsSource: -0.8, standsExample: -2, standsPart: 0.5, standsList: -0.8} {
		for _, f := range followerNames {
			set("stands+next", v, standingNames[s]+"+"+f)
		}
	}
	for f, v := range map[follower]float32{followedByVerb: 1.2, followedByEnd: 0.3, followedByNumber: 1.5, followedByNoun: 0.8, followedByList: -0.5} {
		set("stands+next", v, "head+"+followerNames[f])
	}
	set("stands+next", 0.8, "locative+end")
	for _, w := range []where{inSentence, earlier, inLast, inParagraph} {
		for n, h := range []string{"0", "1", "2", "3"} {
			set("where+heads", -0.7*float32(n), whereNames[w]+"+"+h)
		}
	}
	for i, v := range []float32{2.5, 1, 1.2, 0.3, 0, -1.2} {
		set("gap+where", v, gapNames[i]+"+carried")
	}
	set("where+role", 1, "carried+delta", "carried+to")
	for _, k := range kindNames {
		set("relation+kind", 1, "ahead+"+k, "of+"+k)
		set("relation+kind", -0.5, "inside+"+k)
		set("seen+kind", 0.2, "1+"+k)
		set("seen+kind", 0.4, "2+"+k)
		set("seen+kind", 0.6, "3+"+k)
		set("speech+kind", -0.5, "unquoted+"+k)
	}
	set("speech+kind", 0.5, "outside+firm")
	set("speech+kind", 0.8, "outside+folk")
	set("we+where", 0.8, "speech+speaker")
	set("we+kind", 0.5, "speech+firm", "speech+folk")
	set("we+where", 1.5, "author+author")
	return priors
}()

// newPriors returns an empty table and what adds to it.
func newPriors() (map[string]float32, func(template string, v float32, values ...string)) {
	m := map[string]float32{}
	return m, func(t string, v float32, values ...string) {
		for _, n := range values {
			m[t+"\t"+n] += v
		}
	}
}

// measuredPriors are the same for what a figure measures.
var measuredPriors = func() map[string]float32 {
	priors, set := newPriors()
	for _, n := range sourceNames {
		set("source+rule", 1, n+"+yes")
		for h, hold := range holdNames {
			for bit, v := range []float32{-0.8, -0.3, -0.8, -0.8} {
				if h>>bit&1 != 0 {
					set("holds+source", v, hold+"+"+n)
				}
			}
		}
		set("length+source", -1, "1+"+n)
		set("cut+source", -1.8, "yes+"+n)
		for _, l := range []part{partVerb, partLight, partAct, partAdverb, partFunction, partPosition, partMeasure} {
			set("last+source", -1, partNames[l]+"+"+n)
		}
		set("row+source", 0.3, "whole+"+n)
		set("row+source", 0.8, "end+"+n)
	}
	for _, p := range partNames {
		for _, f := range []part{partVerb, partLight, partAdverb, partFunction, partMeasure, partPosition, partGrowth} {
			set("prev+first", -1, p+"+"+partNames[f])
		}
		if p == "position" {
			set("prev+first", -1, "position+thing")
		}
		if p == "thing" || p == "quality" || p == "acting" || p == "name" || p == "char" || p == "act" {
			for _, f := range []part{partThing, partActing, partChar, partQuality, partNoun, partName} {
				set("prev+first", -1.5, p+"+"+partNames[f])
			}
		}
		for _, f := range []part{partThing, partActing, partChar} {
			set("last+next", -0.6, p+"+"+partNames[f])
		}
	}
	return priors
}()
