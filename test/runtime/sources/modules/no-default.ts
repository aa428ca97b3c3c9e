export const fetchPage = (): unknown => [];
