* sets.sav, by PSPP 1.6.2: `pspp sets.sps` in this folder. Two sets: ticks without a common stem, and categories.
DATA LIST LIST /id m1 m2 m3 b1 b2.
BEGIN DATA.
1 1 0 0 1 2
2 0 1 0 2 .
3 1 1 0 3 1
4 0 0 1 1 3
5 1 0 1 2 3
6 0 1 1 . .
7 1 0 0 1 2
8 1 1 1 2 1
END DATA.
VARIABLE LABELS id 'Case' m1 'By phone' m2 'With a letter' m3 'In the chat' b1 'First brand' b2 'Second brand'.
VALUE LABELS m1 m2 m3 0 'No' 1 'Yes' /b1 b2 1 'Acme' 2 'Bolt' 3 'Core'.
MRSETS /MDGROUP NAME=$ways LABEL='How do you reach us?' VARIABLES=m1 m2 m3 VALUE=1
       /MCGROUP NAME=$brands LABEL='Which brands do you buy?' VARIABLES=b1 b2.
SAVE OUTFILE='sets.sav'.
