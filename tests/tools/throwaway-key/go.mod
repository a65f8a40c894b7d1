module cloudspells/tools/throwaway-key

go 1.26
